// Writes down the whole schema as SQL, told by the database itself, so that a migration shows its effect in the diff.
import pg from 'pg';
import { connectionOptions } from './db.ts';

const OURS = `n.nspname !~ '^pg_' and n.nspname <> 'information_schema'`;
const OUR_RELATION = `${OURS} and c.relname !~ '^kysely_'`;

/** Each gives one text a row, in a stable order. What the owner may do by himself is left out. */
const SECTIONS: Record<string, string> = {
  schemas: `
    select format('create schema %I;', n.nspname) from pg_namespace n
    where ${OURS} and n.nspname <> 'public' order by n.nspname`,
  types: `
    select format('create type %s as enum (%s);', format_type(t.oid, null),
      (select string_agg(quote_literal(e.enumlabel), ', ' order by e.enumsortorder) from pg_enum e where e.enumtypid = t.oid))
    from pg_type t join pg_namespace n on n.oid = t.typnamespace
    where ${OURS} and t.typtype = 'e' order by n.nspname, t.typname`,
  functions: `
    select pg_get_functiondef(p.oid) || ';' from pg_proc p join pg_namespace n on n.oid = p.pronamespace
    where ${OURS} order by n.nspname, p.proname, pg_get_function_identity_arguments(p.oid)`,
  tables: `
    select format(E'create table %s (\\n%s\\n)%s;', c.oid::regclass,
      (select string_agg(part, E',\\n' order by kind, position, name) from (
        select 1 as kind, a.attnum as position, '' as name, format('  %I %s%s%s', a.attname, format_type(a.atttypid, a.atttypmod),
          case when a.attnotnull then ' not null' else '' end,
          case when a.attidentity <> '' then ' generated as identity'
            when a.attgenerated <> '' then format(' generated always as (%s)', pg_get_expr(d.adbin, d.adrelid))
            else coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '') end) as part
        from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
        where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
        union all
        select 2, array_position('{p,u,f,c,x}', k.contype), k.conname, format('  constraint %I %s', k.conname, pg_get_constraintdef(k.oid))
        from pg_constraint k where k.conrelid = c.oid and k.contype in ('p', 'u', 'f', 'c', 'x')
      ) parts),
      coalesce(' partition by ' || pg_get_partkeydef(c.oid), ''))
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where ${OUR_RELATION} and c.relkind in ('r', 'p') and not c.relispartition order by n.nspname, c.relname`,
  partitions: `
    select format('create table %s partition of %s %s;', c.oid::regclass, i.inhparent::regclass, pg_get_expr(c.relpartbound, c.oid))
    from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_inherits i on i.inhrelid = c.oid
    where ${OUR_RELATION} and c.relkind in ('r', 'p') and c.relispartition
    order by i.inhparent::regclass::text, length(c.relname), c.relname`,
  indexes: `
    select pg_get_indexdef(x.indexrelid) || ';'
    from pg_index x join pg_class c on c.oid = x.indrelid join pg_namespace n on n.oid = c.relnamespace
    where ${OUR_RELATION} and not c.relispartition
      and not exists (select from pg_constraint k where k.conindid = x.indexrelid and k.contype in ('p', 'u', 'x'))
    order by n.nspname, c.relname, x.indexrelid::regclass::text`,
  views: `
    select format(E'create view %s%s as\\n%s', c.oid::regclass,
      coalesce(format(' with (%s)', array_to_string(c.reloptions, ', ')), ''), pg_get_viewdef(c.oid, true))
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where ${OUR_RELATION} and c.relkind = 'v' order by n.nspname, c.relname`,
  triggers: `
    select pg_get_triggerdef(t.oid, true) || ';'
    from pg_trigger t join pg_class c on c.oid = t.tgrelid join pg_namespace n on n.oid = c.relnamespace
    where ${OUR_RELATION} and not t.tgisinternal and not c.relispartition order by n.nspname, c.relname, t.tgname`,
  'row-level security': `
    select format('alter table %s enable row level security%s;', c.oid::regclass, case when c.relforcerowsecurity then ', force row level security' else '' end)
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where ${OUR_RELATION} and c.relrowsecurity order by n.nspname, c.relname`,
  policies: `
    select format(E'create policy %I on %I.%I as %s for %s to %s%s%s;', policyname, schemaname, tablename, lower(permissive), lower(cmd),
      array_to_string(roles, ', '), coalesce(E'\\n  using ' || qual, ''), coalesce(E'\\n  with check ' || with_check, ''))
    from pg_policies order by schemaname, tablename, policyname`,
  grants: `
    select format('grant %s on %s %s to %s;', string_agg(lower(privilege_type), ', ' order by privilege_type), kind, name, receiver)
    from (
      select 'schema' as kind, quote_ident(n.nspname) as name, n.nspacl as acl, n.nspowner as owner
        from pg_namespace n where ${OURS}
      union all
      select 'table', c.oid::regclass::text, c.relacl, c.relowner
        from pg_class c join pg_namespace n on n.oid = c.relnamespace where ${OUR_RELATION}
      union all
      select 'column', format('%s.%I', c.oid::regclass, a.attname), a.attacl, c.relowner
        from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace where ${OUR_RELATION}
      union all
      select 'function', p.oid::regprocedure::text, p.proacl, p.proowner
        from pg_proc p join pg_namespace n on n.oid = p.pronamespace where ${OURS}
    ) granted, aclexplode(acl) entry,
      lateral (select case when entry.grantee = 0 then 'public' else quote_ident(pg_get_userbyid(entry.grantee)) end) named(receiver)
    where entry.grantee <> owner
    group by kind, name, receiver order by kind, name, receiver`,
};

/** @returns the schema of a migrated database, ending in a newline; the same text for the same schema */
export async function dumpSchema(databaseUrl: string): Promise<string> {
  const client = new pg.Client(connectionOptions(databaseUrl));
  await client.connect();
  try {
    // An empty search path makes every name come out with its schema, whoever asks.
    await client.query(`set search_path = ''`);
    const parts: string[] = [];
    for (const [title, query] of Object.entries(SECTIONS)) {
      const { rows } = await client.query<[string]>({ text: query, rowMode: 'array' });
      if (rows.length > 0) parts.push(`-- ${title}\n${rows.map(([text]) => text.trimEnd()).join('\n')}\n`);
    }
    return parts.join('\n');
  } finally {
    await client.end();
  }
}
