// What is shown once, to be copied: a key, a link.
import { Button, Code, CopyButton } from '@mantine/core';
import { Check, Copy } from 'lucide-react';
import css from './parts.module.css';

export function Secret({ value, label }: { value: string; label: string }) {
  return (
    <div className={css.secret}>
      <Code aria-label={label}>{value}</Code>
      <CopyButton value={value}>
        {({ copied, copy }) => (
          <Button
            variant="default"
            onClick={copy}
            leftSection={copied ? <Check size={14} /> : <Copy size={14} />}
            data-autofocus
            // It comes after its dialog.
            autoFocus
          >
            {copied ? 'Copied' : 'Copy'}
          </Button>
        )}
      </CopyButton>
    </div>
  );
}
