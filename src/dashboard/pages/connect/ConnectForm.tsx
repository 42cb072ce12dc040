// The form that `GET /trackers/types` describes: test, then save, or save right away.
import { Anchor, Button, Select, Stack, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { ExternalLink } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { answered, api, Refused } from '../../app/client.ts';
import { markPlace } from '../../app/here.ts';
import { type TrackerType, trackersQuery } from '../../app/trackers.ts';
import { Mark } from '../../parts/Mark.tsx';
import { Notice } from '../../parts/Notice.tsx';
import { Answer } from './Answer.tsx';
import css from './Connect.module.css';
import { Evidence } from './Evidence.tsx';
import { FieldInput } from './FieldInput.tsx';
import { connectionOf, errorAt, fieldsOf, missingIn, sameAs, savedWords, type Typed } from './form.ts';
import { TestOutcome } from './TestOutcome.tsx';

interface Props {
  types: readonly TrackerType[];
  type: TrackerType;
  onChoose(type: string): void;
  onTouched(): void;
  onSaved(configId: string): void;
}

export function ConnectForm({ types, type, onChoose, onTouched, onSaved }: Props) {
  const queries = useQueryClient();
  const { data: trackers = [] } = useQuery(trackersQuery);
  const [typed, setTyped] = useState<Typed>({});
  const [missing, setMissing] = useState<Record<string, string>>({});
  const name = typed.name ?? type.title;
  const test = useMutation({
    mutationFn: () => answered(api.trackers.test.$post({ json: connectionOf(type, typed) })),
  });
  const save = useMutation({
    mutationFn: () =>
      answered(api.trackers.$post({ header: {}, json: { ...connectionOf(type, typed), name: name.trim() } })),
    onSuccess: ({ warnings = [] }) => {
      const message = savedWords(test.data, warnings.includes('already_connected'));
      notifications.show({ title: name, message });
      void queries.invalidateQueries({ queryKey: ['trackers'] });
    },
  });

  const refused = [save.error, test.error].find((error) => error !== null);
  const fields = { ...(refused instanceof Refused ? refused.fields : {}), ...missing };
  const isNameTaken = save.error instanceof Refused && save.error.code === 'name_taken';
  const credentials = fieldsOf(type, 'credentials');
  const settings = fieldsOf(type, 'settings');
  const known = ['name', 'url', ...[...credentials, ...settings].map(({ path }) => path)];
  const isKnown = (path: string) => known.some((one) => path === one || path.startsWith(`${one}.`));
  const unplaced = Object.entries(fields).filter(([path]) => !isKnown(path));

  const change = (path: string) => (value: string) => {
    setTyped((before) => ({ ...before, [path]: value }));
    setMissing({});
    test.reset();
    save.reset();
    onTouched();
  };
  /** Only with all that is needed: the rest the API says itself. */
  const when = (act: () => void) => () => {
    const found = missingIn(type, typed);
    setMissing(found);
    save.reset();
    if (Object.keys(found).length === 0) act();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const isHere = markPlace();
    // Who has closed the form meanwhile, or gone elsewhere, stays there.
    when(() => save.mutate(undefined, { onSuccess: ({ id }) => isHere() && onSaved(id) }))();
  };
  const twin = sameAs(type, typed, trackers);
  const hasFailed = test.data?.ok === false;

  return (
    <form onSubmit={submit} noValidate>
      <Stack gap={16}>
        <Select
          label="Tracker"
          data={types.map(({ type, title }) => ({ value: type, label: title }))}
          value={type.type}
          allowDeselect={false}
          leftSection={<Mark letters={type.mark.letters} />}
          leftSectionWidth={40}
          classNames={{ section: css.chosen }}
          onChange={(value) => {
            if (value === null) return;
            // A key typed for one tracker is never sent to another.
            setTyped(({ name, url }) => ({ ...(name !== undefined && { name }), ...(url !== undefined && { url }) }));
            setMissing({});
            test.reset();
            save.reset();
            onChoose(value);
          }}
        />
        <TextInput
          label="Name"
          description="As it is called here."
          name="name"
          autoComplete="off"
          value={name}
          error={fields.name ?? (isNameTaken ? 'Another tracker has this name. Choose another one.' : undefined)}
          onChange={({ currentTarget }) => change('name')(currentTarget.value)}
        />
        <TextInput
          label="Tracker URL"
          description={
            type.urlRequired
              ? 'As you open your panel in the browser.'
              : 'Leave it empty, unless yours is at another address.'
          }
          name="url"
          data-autofocus
          autoComplete="off"
          inputMode="url"
          spellCheck={false}
          placeholder={type.defaultUrl ?? 'https://tracker.example.com'}
          value={typed.url ?? ''}
          error={fields.url}
          onChange={({ currentTarget }) => change('url')(currentTarget.value)}
        />
        {twin !== undefined && (
          <Notice tone="warn" title={`You have this tracker already: ${twin.name}`}>
            You can save it all the same, for another account there. The same one would count twice.
          </Notice>
        )}
        {credentials.map((field) => (
          <FieldInput
            key={`${type.type} ${field.path}`}
            field={field}
            value={typed[field.path] ?? ''}
            error={errorAt(field.path, fields)}
            onChange={change(field.path)}
          />
        ))}
        <Anchor href={type.docsUrl} target="_blank" rel="noreferrer" size="sm" className={css.docs}>
          {type.docsOf === null
            ? `${type.title}’s own documentation`
            : `${type.docsOf}’s documentation, the nearest that is public`}{' '}
          <ExternalLink size={12} aria-hidden />
        </Anchor>
        <details className={css.details}>
          <summary>Settings</summary>
          <Stack gap={16} pt={12}>
            {settings.map((field) => (
              <FieldInput
                key={`${type.type} ${field.path}`}
                field={field}
                value={typed[field.path] ?? ''}
                error={errorAt(field.path, fields)}
                onChange={change(field.path)}
              />
            ))}
          </Stack>
        </details>
        <Evidence type={type} />
      </Stack>
      <Answer of={test.data ?? refused}>
        {test.data !== undefined && <TestOutcome result={test.data} />}
        {unplaced.map(([path, message]) => (
          <Notice key={path} tone="bad" title={path === '' ? message : `${path}: ${message}`} />
        ))}
        {refused !== undefined && Object.keys(fields).length === 0 && !isNameTaken && (
          <Notice tone="bad" title={refused.message} />
        )}
      </Answer>
      <div className={css.deeds}>
        <Button variant="default" onClick={when(test.mutate)} loading={test.isPending}>
          Test connection
        </Button>
        <Button type="submit" loading={save.isPending}>
          {hasFailed ? 'Save anyway' : 'Save'}
        </Button>
        <p className={css.either}>
          {hasFailed ? 'You can save it as it is, and mend it later.' : 'You can save with or without a test.'}
        </p>
      </div>
    </form>
  );
}
