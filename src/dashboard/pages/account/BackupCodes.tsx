// The codes that open once each, without the app: shown now, and never again.
import { Button, CopyButton, Group, Text } from '@mantine/core';
import css from './Account.module.css';

export function BackupCodes({ codes, onDone }: { codes: readonly string[]; onDone(): void }) {
  return (
    <>
      <Text size="sm" mb={12}>
        Keep these backup codes where your phone is not. Each opens your account once, and they are shown only now.
      </Text>
      <ul className={css.codes} aria-label="Backup codes">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <Group gap={8} justify="flex-end">
        <CopyButton value={codes.join('\n')}>
          {({ copied, copy }) => (
            <Button variant="default" onClick={copy}>
              {copied ? 'Copied' : 'Copy all'}
            </Button>
          )}
        </CopyButton>
        <Button onClick={onDone}>Done</Button>
      </Group>
    </>
  );
}
