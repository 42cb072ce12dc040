// One's own account: name, password, second factor, and where one is signed in.
import { useQuery } from '@tanstack/react-query';
import { meQuery } from '../../app/me.ts';
import { PageHead } from '../../parts/PageHead.tsx';
import { OwnName } from './OwnName.tsx';
import { Password } from './Password.tsx';
import { Sessions } from './Sessions.tsx';
import { TwoFactor } from './TwoFactor.tsx';

export function AccountPage() {
  const { data: me } = useQuery(meQuery);
  if (me?.user == null) return null;
  return (
    <>
      <PageHead title="Account" />
      <OwnName user={me.user} />
      <Password />
      <TwoFactor isOn={me.user.isTwoFactorOn} />
      <Sessions />
    </>
  );
}
