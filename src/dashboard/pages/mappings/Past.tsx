// Changes of the past: what, by whom, when; each can be undone while nothing of it was changed again.
import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type MappingChange, type Mappings, mappingsQuery, undoMappings } from '../../app/mappings.ts';
import { refreshAll } from '../../app/queries.ts';
import { Notice } from '../../parts/Notice.tsx';
import { RelativeTime } from '../../parts/RelativeTime.tsx';
import { Section } from '../../parts/Section.tsx';
import { type Column, Table } from '../../parts/Table.tsx';
import css from './Mappings.module.css';
import { tellChange } from './tell-change.ts';

interface Props {
  configId: string;
  mappings: Mappings;
  mayUndo: boolean;
}

export function Past({ configId, mappings, mayUndo }: Props) {
  const queries = useQueryClient();
  const undo = useMutation({
    mutationFn: (changeId: string) => undoMappings(configId, [changeId]),
    onSuccess: async (now) => {
      if (now !== null) queries.setQueryData(mappingsQuery(configId).queryKey, now);
      await refreshAll();
    },
    onError: () => queries.invalidateQueries(mappingsQuery(configId)),
  });
  const columns: Column<MappingChange>[] = [
    {
      ...{ key: 'what', title: 'What' },
      cell: (change) => {
        const steps = tellChange(change, mappings.campaigns);
        const words =
          steps.length > 2 ? `${steps.slice(0, 2).join(', ')} and ${steps.length - 2} more` : steps.join(', ');
        return (
          <div className={css.wordCell}>
            <div className={css.line} title={steps.join(', ')} data-undone={change.undoneAt !== null}>
              {words}
            </div>
            <div className={css.small}>
              <span className={css.muted}>
                {whoOf(change)}, <RelativeTime at={change.at} />
              </span>
            </div>
          </div>
        );
      },
    },
    {
      ...{ key: 'who', title: 'Who', width: 200, from: 640 },
      cell: whoOf,
    },
    { key: 'when', title: 'When', width: 104, isNumber: true, from: 640, cell: ({ at }) => <RelativeTime at={at} /> },
    {
      ...{ key: 'undo', title: '', width: 88, isNumber: true },
      cell: ({ id, undoneAt }) =>
        undoneAt !== null ? (
          <span className={css.muted}>Undone</span>
        ) : (
          mayUndo && (
            <Button
              size="xs"
              variant="default"
              loading={undo.isPending && undo.variables === id}
              onClick={() => undo.mutate(id)}
            >
              Undo
            </Button>
          )
        ),
    },
  ];
  return (
    <Section title="Changes" aside={mappings.changes.length >= 100 ? 'The latest 100' : undefined}>
      {undo.error !== null && <Notice tone="bad" title={undo.error.message} />}
      {mappings.changes.length === 0 ? (
        <p className={css.muted}>Nobody has changed anything yet.</p>
      ) : (
        <Table label="Changes" columns={columns} rows={mappings.changes} rowHeight={44} idOf={({ id }) => id} />
      )}
    </Section>
  );
}

const whoOf = ({ actorName, actorType }: MappingChange): string =>
  actorName ?? (actorType === 'system' ? 'Tracker Hub' : 'Somebody who is gone');
