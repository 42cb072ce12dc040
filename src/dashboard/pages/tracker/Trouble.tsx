// What is wrong with a tracker, and what to do now.
import { Button } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useCommands } from '../../app/commands.ts';
import type { Tracker } from '../../app/trackers.ts';
import { Notice } from '../../parts/Notice.tsx';
import { TestOutcome } from '../connect/TestOutcome.tsx';
import { Change } from './Change.tsx';
import css from './Tracker.module.css';

const full = (words: string): string => (/[.!?…]$/.test(words) ? words : `${words}.`);

export function Trouble({ tracker }: { tracker: Tracker }) {
  const { can, test, resume } = useCommands(tracker);
  const [isChanging, setChanging] = useState(false);
  const { state, stateReason, lastError, updatedAt } = tracker;
  const { reset } = test;
  // What was found out is of the connection as it was.
  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever it was changed
  useEffect(reset, [updatedAt, reset]);
  const isStopped = state === 'needs_attention';
  if (!isStopped && lastError === null && test.data === undefined) return null;
  return (
    <div className={css.trouble}>
      {(isStopped || lastError !== null) && (
        <Notice
          tone={isStopped ? 'bad' : 'warn'}
          title={full(lastError?.message ?? stateReason ?? '')}
          action={
            <div className={css.ways}>
              {can.test && (
                <Button size="xs" variant="default" loading={test.isPending} onClick={() => test.mutate()}>
                  Test connection
                </Button>
              )}
              {isStopped && can.change && (
                <Button size="xs" variant="default" onClick={() => setChanging(true)}>
                  Change connection
                </Button>
              )}
              {isStopped && can.resume && (
                <Button size="xs" variant="default" loading={resume.isPending} onClick={() => resume.mutate()}>
                  Try again
                </Button>
              )}
            </div>
          }
        >
          {lastError?.hint ?? (isStopped ? null : stateReason)}
          {!isStopped && ' It is tried again by itself.'}
        </Notice>
      )}
      {test.data !== undefined && <TestOutcome result={test.data} />}
      {can.change && <Change tracker={tracker} isOpen={isChanging} onClose={() => setChanging(false)} />}
    </div>
  );
}
