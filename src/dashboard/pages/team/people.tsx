// A person's row: name and address, role, second factor, since when; what may be done with them is in the row's menu.
import type { Me } from '../../app/me.ts';
import type { User } from '../../app/people.ts';
import { RelativeTime } from '../../parts/RelativeTime.tsx';
import type { Column } from '../../parts/Table.tsx';
import { PersonMenu } from './PersonMenu.tsx';
import { RoleSelect } from './RoleSelect.tsx';
import css from './Team.module.css';

export const peopleColumns = (me: Me | undefined): Column<User>[] => [
  {
    ...{ key: 'name', title: 'Name' },
    cell: ({ id, name, email }) => (
      <>
        <div className={css.name}>
          {name} {id === me?.user?.id && <span className={css.quiet}>you</span>}
        </div>
        <div className={css.quiet}>{email}</div>
      </>
    ),
  },
  {
    ...{ key: 'role', title: 'Role', width: 150 },
    cell: (user) => <RoleSelect me={me} user={user} />,
  },
  {
    ...{ key: 'factor', title: 'Two-factor', width: 110, from: 900 },
    cell: ({ isTwoFactorOn }) => (isTwoFactorOn ? 'On' : <span className={css.quiet}>Off</span>),
  },
  {
    ...{ key: 'joined', title: 'Joined', width: 110, isNumber: true, from: 640 },
    cell: ({ joinedAt }) => <RelativeTime at={joinedAt} />,
  },
  { key: 'menu', title: '', width: 56, isNumber: true, cell: (user) => <PersonMenu me={me} user={user} /> },
];
