// Saved views: opened, saved, shared in the organisation, deleted.
import { ActionIcon, Button, Checkbox, Popover, TextInput, UnstyledButton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Bookmark, Lock, Trash2, Users } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { markPlace } from '../../app/here.ts';
import { useMay } from '../../app/me.ts';
import { Ask } from '../../parts/Ask.tsx';
import { Notice } from '../../parts/Notice.tsx';
import css from './Analytics.module.css';
import type { AnalyticsSearch } from './search.ts';
import { isChanged, searchOf, useViewDeeds, type View, viewsQuery } from './views.ts';

interface Props {
  search: AnalyticsSearch;
  onOpen(search: AnalyticsSearch): void;
}

export function Views({ search, onOpen }: Props) {
  const may = useMay();
  const [isOpen, setOpen] = useState(false);
  const [doomed, setDoomed] = useState<View | null>(null);
  const { data: views = [] } = useQuery(viewsQuery);
  const deeds = useViewDeeds();
  const current = views.find(({ id }) => id === search.view);
  const hasChanged = current !== undefined && isChanged(search, current);
  const error = deeds.save.error ?? deeds.update.error ?? deeds.share.error;
  const open = (view: View) => {
    setOpen(false);
    onOpen(searchOf(view));
  };
  return (
    <>
      <Popover opened={isOpen} onChange={setOpen} position="bottom-end" shadow="md" trapFocus returnFocus width={320}>
        <Popover.Target>
          <Button
            variant="default"
            leftSection={<Bookmark size={14} aria-hidden />}
            onClick={() => setOpen((now) => !now)}
            maw={260}
          >
            {current === undefined ? (
              'Views'
            ) : (
              <>
                <span className={css.viewTitle}>{current.name}</span>
                {hasChanged && <span className={css.viewOwner}>· changed</span>}
              </>
            )}
          </Button>
        </Popover.Target>
        <Popover.Dropdown p={12} className={css.views}>
          {views.length > 0 && (
            <ul className={css.viewList} aria-label="Saved views">
              {views.map((view) => (
                <ViewLine
                  key={view.id}
                  {...{ view, deeds }}
                  isCurrent={view.id === search.view}
                  mayChange={(view.isOwn && may('PATCH /api/v1/views/:id')) || may('GET /api/v1/users')}
                  onOpen={() => open(view)}
                  onRemove={() => {
                    setOpen(false);
                    setDoomed(view);
                  }}
                />
              ))}
            </ul>
          )}
          {error !== null && <Notice tone="bad" title={error.message} />}
          {hasChanged && current.isOwn && (
            <Button
              size="xs"
              variant="default"
              loading={deeds.update.isPending}
              onClick={() => deeds.update.mutate({ id: current.id, search })}
            >
              Save the changes to {current.name}
            </Button>
          )}
          {may('POST /api/v1/views') && (
            <NewView
              isBusy={deeds.save.isPending}
              onSave={(name, isShared) => {
                const isHere = markPlace();
                deeds.save.mutate({ name, isShared, search }, { onSuccess: (view) => isHere() && open(view) });
              }}
            />
          )}
        </Popover.Dropdown>
      </Popover>
      <Ask
        isOpen={doomed !== null}
        title={`Delete ${doomed?.name}?`}
        deed="Delete view"
        isBusy={deeds.remove.isPending}
        error={deeds.remove.error}
        onYes={() => doomed !== null && deeds.remove.mutate(doomed.id, { onSuccess: () => setDoomed(null) })}
        onNo={() => setDoomed(null)}
      >
        {doomed?.isShared ? 'Nobody in the organisation sees it any more.' : 'Only you see it.'} Addresses that were
        shared go on working.
      </Ask>
    </>
  );
}

function NewView({ isBusy, onSave }: { isBusy: boolean; onSave(name: string, isShared: boolean): void }) {
  const [name, setName] = useState('');
  const [isShared, setShared] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    // What goes wrong is shown above; what was typed stays.
    if (name.trim() !== '') onSave(name.trim(), isShared);
  };
  return (
    <form className={css.views} onSubmit={submit}>
      <TextInput
        label="Save this view as"
        placeholder="Profit by ad"
        value={name}
        maxLength={200}
        onChange={({ currentTarget }) => setName(currentTarget.value)}
      />
      <Checkbox
        size="xs"
        label="Everybody in the organisation sees it"
        checked={isShared}
        onChange={({ currentTarget }) => setShared(currentTarget.checked)}
      />
      <Button type="submit" size="xs" loading={isBusy} disabled={name.trim() === ''}>
        Save view
      </Button>
    </form>
  );
}

interface LineProps {
  view: View;
  isCurrent: boolean;
  mayChange: boolean;
  deeds: ReturnType<typeof useViewDeeds>;
  onOpen(): void;
  onRemove(): void;
}

function ViewLine({ view, isCurrent, mayChange, deeds, onOpen, onRemove }: LineProps) {
  const { id, name, isShared, isOwn, ownerName } = view;
  return (
    <li className={css.viewLine}>
      <UnstyledButton className={css.viewName} onClick={onOpen} aria-current={isCurrent} title={name}>
        {name} {!isOwn && <span className={css.viewOwner}>{ownerName}</span>}
      </UnstyledButton>
      {mayChange && (
        <>
          <ActionIcon
            variant="subtle"
            color="gray"
            onClick={() => deeds.share.mutate({ id, isShared: !isShared })}
            aria-label={isShared ? `Keep ${name} to its owner` : `Share ${name}`}
            title={isShared ? 'Everybody sees it. Keep it to its owner' : 'Only its owner sees it. Share it'}
          >
            {isShared ? <Users size={14} /> : <Lock size={14} />}
          </ActionIcon>
          <ActionIcon variant="subtle" color="gray" onClick={onRemove} aria-label={`Delete ${name}`}>
            <Trash2 size={14} />
          </ActionIcon>
        </>
      )}
    </li>
  );
}
