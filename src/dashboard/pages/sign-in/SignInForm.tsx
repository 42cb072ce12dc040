// E-mail address and password, then the code where it is turned on. What was typed stays through any error.
import { Anchor, Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { answered, api } from '../../app/client.ts';
import { tellTabs } from '../../app/tabs.ts';
import { Notice } from '../../parts/Notice.tsx';

interface Props {
  /** Who it is, where that is known already. */
  email?: string;
  onSignedIn(): void;
}

export function SignInForm({ email: known, onSignedIn }: Props) {
  const [email, setEmail] = useState(known ?? '');
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const [step, setStep] = useState<'password' | 'code' | 'backup'>('password');

  const signIn = useMutation({
    mutationFn: async () => {
      if (step === 'password') {
        return answered(api.auth['sign-in'].email.$post({ json: { email: email.trim(), password } }));
      }
      const json = { code: code.replaceAll(' ', ''), trustDevice: false };
      const { 'verify-totp': totp, 'verify-backup-code': backup } = api.auth['two-factor'];
      return answered(step === 'code' ? totp.$post({ json }) : backup.$post({ json }));
    },
    onSuccess: ({ isCodeNeeded }) => {
      if (isCodeNeeded) setStep('code');
      else {
        tellTabs('signed in');
        onSignedIn();
      }
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    signIn.mutate();
  };
  const change = (next: typeof step) => {
    signIn.reset();
    setCode('');
    setStep(next);
  };

  return (
    <form onSubmit={submit}>
      <Stack gap={16}>
        {step === 'password' ? (
          <>
            <TextInput
              label="E-mail"
              name="email"
              autoComplete="username"
              inputMode="email"
              required
              withAsterisk={false}
              readOnly={known !== undefined}
              autoFocus={known === undefined}
              value={email}
              onChange={({ currentTarget }) => setEmail(currentTarget.value)}
            />
            <PasswordInput
              label="Password"
              name="password"
              autoComplete="current-password"
              required
              withAsterisk={false}
              data-autofocus={known !== undefined || undefined}
              value={password}
              onChange={({ currentTarget }) => setPassword(currentTarget.value)}
            />
          </>
        ) : (
          <TextInput
            key={step}
            label={step === 'code' ? 'Code' : 'Backup code'}
            description={
              step === 'code' ? 'The six digits that your authenticator app shows now.' : 'Each of them works once.'
            }
            name="code"
            autoComplete="one-time-code"
            inputMode={step === 'code' ? 'numeric' : 'text'}
            required
            withAsterisk={false}
            autoFocus
            value={code}
            onChange={({ currentTarget }) => setCode(currentTarget.value)}
          />
        )}
        {signIn.error !== null && <Notice tone="bad" title={signIn.error.message} />}
        <Button type="submit" loading={signIn.isPending} fullWidth>
          {step === 'password' ? 'Sign in' : 'Go on'}
        </Button>
        {step === 'password' && (
          <Anchor component={Link} to="/reset-password" size="sm">
            Forgotten password?
          </Anchor>
        )}
        {step !== 'password' && (
          <Anchor
            component="button"
            type="button"
            size="sm"
            onClick={() => change(step === 'code' ? 'backup' : 'code')}
          >
            {step === 'code' ? 'Use a backup code instead' : 'Use the authenticator app'}
          </Anchor>
        )}
      </Stack>
    </form>
  );
}
