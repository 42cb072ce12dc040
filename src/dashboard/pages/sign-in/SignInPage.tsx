// The door: sign-in, and where the first owner's password is.
import { useQueryClient } from '@tanstack/react-query';
import { Door } from './Door.tsx';
import { SignInForm } from './SignInForm.tsx';

export function SignInPage() {
  const queries = useQueryClient();
  return (
    <Door
      title="Sign in"
      foot="First time here? The hub printed the first sign-in when it started, and keeps it in first-sign-in.txt."
    >
      <SignInForm onSignedIn={() => queries.resetQueries()} />
    </Door>
  );
}
