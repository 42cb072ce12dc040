// What is chosen and not kept yet: what it does to the numbers, then applied or dropped. What was applied can be undone here.
import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Dispatch, SetStateAction } from 'react';
import { type Mappings, mappingsQuery, previewQuery, saveMappings, undoMappings } from '../../app/mappings.ts';
import { refreshAll } from '../../app/queries.ts';
import { Notice } from '../../parts/Notice.tsx';
import { Waiting } from '../../parts/Waiting.tsx';
import { Difference } from './Difference.tsx';
import { bodyOf, type Draft, NOTHING, since, sizeOf } from './draft.ts';
import css from './Mappings.module.css';

interface Props {
  configId: string;
  draft: Draft;
  onDraft: Dispatch<SetStateAction<Draft>>;
}

export function Review({ configId, draft, onDraft }: Props) {
  const queries = useQueryClient();
  const size = sizeOf(draft);
  const body = bodyOf(draft);
  const preview = useQuery({ ...previewQuery(configId, body), enabled: size > 0 });
  // The numbers of an earlier draft stay, dimmed, until those of this one are there.
  const isOfDraft = preview.error !== null || (preview.data !== undefined && !preview.isPlaceholderData);
  const settled = async (now: Mappings | null) => {
    if (now !== null) queries.setQueryData(mappingsQuery(configId).queryKey, now);
    // Reports, lists and what moved: all of them go by what words mean.
    await refreshAll();
  };
  const save = useMutation({
    onMutate: () => queries.getQueryData(mappingsQuery(configId).queryKey)?.changes ?? [],
    mutationFn: () => saveMappings(configId, body),
    onSuccess: (now) => void settled(now),
    onError: () => queries.invalidateQueries(mappingsQuery(configId)),
  });
  const before = new Set(save.context?.map(({ id }) => id));
  const taken = save.data?.changes.filter(({ id }) => !before.has(id)).map(({ id }) => id) ?? [];
  const undo = useMutation({
    mutationFn: () => undoMappings(configId, taken),
    onSuccess: (now) => {
      save.reset();
      return settled(now);
    },
  });

  /** The bar stays while the one becomes the other, and with it the focus. */
  const apply = () =>
    save.mutate(undefined, {
      onSuccess: () => {
        // What was chosen meanwhile is not taken yet.
        onDraft((now) => since(now, draft));
        undo.reset();
      },
    });

  if (size === 0) {
    if (undo.error !== null)
      return (
        <Bar isBare>
          <Notice tone="bad" title={undo.error.message} />
        </Bar>
      );
    if (!save.isSuccess || taken.length === 0) return null;
    return (
      <Bar isBare>
        <Notice
          tone="ok"
          title="Applied. It counts at once, for the past too."
          action={
            <Button size="xs" variant="default" loading={undo.isPending} onClick={() => undo.mutate()}>
              Undo
            </Button>
          }
        />
      </Bar>
    );
  }
  return (
    <Bar>
      <div className={css.reviewHead}>
        <strong>{size === 1 ? '1 change' : `${size} changes`}, not applied yet</strong>
        <span className={css.deeds}>
          <Button variant="default" onClick={() => onDraft(NOTHING)}>
            Discard
          </Button>
          <Button loading={save.isPending} disabled={!isOfDraft} onClick={apply}>
            Apply
          </Button>
        </span>
      </div>
      {save.error !== null && <Notice tone="bad" title={save.error.message} />}
      {preview.error !== null ? (
        <Notice tone="warn" title="What it would do to the numbers could not be told.">
          {preview.error.message}
        </Notice>
      ) : preview.data === undefined ? (
        <Waiting lines={1} height={44} />
      ) : (
        <div className={css.told} data-earlier={!isOfDraft}>
          <Difference {...preview.data} />
        </div>
      )}
    </Bar>
  );
}

const Bar = ({ isBare = false, children }: { isBare?: boolean; children: React.ReactNode }) => (
  <section className={css.review} aria-label="Changes to apply" data-bare={isBare}>
    {children}
  </section>
);
