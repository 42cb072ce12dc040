// Changing a connection: name, address, settings; a key is never shown, only replaced.
import { Button, Drawer, Stack, TextInput } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { answered, api, Refused } from '../../app/client.ts';
import { type Tracker, type TrackerType, typesQuery } from '../../app/trackers.ts';
import { Notice } from '../../parts/Notice.tsx';
import { useUnsaved } from '../../parts/Unsaved.tsx';
import css from '../connect/Connect.module.css';
import { FieldInput } from '../connect/FieldInput.tsx';
import { errorAt, fieldsOf, type Typed, textOf, valuesOf } from '../connect/form.ts';

export function Change({ tracker, isOpen, onClose }: { tracker: Tracker; isOpen: boolean; onClose(): void }) {
  const { data: types = [] } = useQuery(typesQuery);
  const isPhone = useMediaQuery('(max-width: 639px)');
  const type = types.find((one) => one.type === tracker.type);
  const { close, leave, question, setUnsaved } = useUnsaved('What you typed for this connection is lost.', onClose);
  return (
    <>
      <Drawer
        opened={isOpen}
        onClose={close}
        position="right"
        size={isPhone ? '100%' : 480}
        title="Change connection"
        classNames={{ content: css.panel }}
      >
        {type !== undefined && (
          <ChangeForm tracker={tracker} type={type} onTouched={() => setUnsaved(true)} onClose={close} onDone={leave} />
        )}
      </Drawer>
      {question}
    </>
  );
}

interface FormProps {
  tracker: Tracker;
  type: TrackerType;
  onTouched(): void;
  onClose(): void;
  onDone(): void;
}

function ChangeForm({ tracker, type, onTouched, onClose, onDone }: FormProps) {
  const queries = useQueryClient();
  const credentials = fieldsOf(type, 'credentials');
  const settings = fieldsOf(type, 'settings');
  const [typed, setTyped] = useState<Typed>(() => ({
    ...{ name: tracker.name, url: tracker.url },
    ...Object.fromEntries(settings.map(({ path, key }) => [path, textOf(tracker.settings[key])])),
  }));
  const change = useMutation({
    mutationFn: () => {
      const keys = valuesOf(credentials, typed) as Record<string, string>;
      const chosen = valuesOf(settings, typed);
      // What was emptied goes back to its default.
      const emptied = settings.filter(({ key }) => chosen[key] === undefined && tracker.settings[key] !== undefined);
      const json = {
        ...{ name: typed.name?.trim() ?? '', url: typed.url?.trim() ?? '' },
        settings: { ...chosen, ...Object.fromEntries(emptied.map(({ key }) => [key, null])) },
        ...(Object.keys(keys).length > 0 && { credentials: keys }),
      };
      return answered(api.trackers[':configId'].$patch({ param: { configId: tracker.id }, json }));
    },
    onSuccess: (changed) => {
      queries.setQueryData(['tracker', tracker.id], changed);
      notifications.show({ title: changed.name, message: 'Changed. Everything is tried afresh.' });
      void queries.invalidateQueries({ queryKey: ['trackers'] });
    },
  });
  const fields = change.error instanceof Refused ? change.error.fields : {};
  const isNameTaken = change.error instanceof Refused && change.error.code === 'name_taken';
  const set = (path: string) => (value: string) => {
    setTyped((before) => ({ ...before, [path]: value }));
    onTouched();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    // Who has closed the form meanwhile may have opened another.
    change.mutate(undefined, { onSuccess: onDone });
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap={16}>
        <TextInput
          label="Name"
          data-autofocus
          autoComplete="off"
          value={typed.name ?? ''}
          error={fields.name ?? (isNameTaken ? 'Another tracker has this name. Choose another one.' : undefined)}
          onChange={({ currentTarget }) => set('name')(currentTarget.value)}
        />
        <TextInput
          label="Tracker URL"
          autoComplete="off"
          spellCheck={false}
          value={typed.url ?? ''}
          error={fields.url}
          onChange={({ currentTarget }) => set('url')(currentTarget.value)}
        />
        {credentials.map((field) => {
          const { set: isSet, hint } = tracker.credentials[field.key] ?? { set: false, hint: null };
          return (
            <FieldInput
              key={field.path}
              field={{ ...field, isRequired: false }}
              value={typed[field.path] ?? ''}
              error={errorAt(field.path, fields)}
              placeholder={isSet ? `Stored${hint === null ? '' : `, ends in ${hint}`}. Type to replace it` : 'Not set'}
              onChange={set(field.path)}
            />
          );
        })}
        {settings.map((field) => (
          <FieldInput
            key={field.path}
            field={field}
            value={typed[field.path] ?? ''}
            error={errorAt(field.path, fields)}
            onChange={set(field.path)}
          />
        ))}
        {change.error !== null && Object.keys(fields).length === 0 && !isNameTaken && (
          <Notice tone="bad" title={change.error.message} />
        )}
      </Stack>
      <div className={css.deeds}>
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button type="submit" loading={change.isPending}>
          Save
        </Button>
      </div>
    </form>
  );
}
