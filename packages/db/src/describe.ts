import pg from 'pg';

type Column = {
  table_name: string;
  column_name: string;
  type: string;
  nullable: boolean;
  default_value: string | null;
  generated: boolean;
  comment: string | null;
};
type Named = { table_name: string; name: string; definition: string; comment: string | null };

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

const TABLES = `select c.oid, c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where n.nspname = 'public' and c.relkind = 'r' and c.relname not like 'kysely_%'`;

async function readColumns(client: pg.Client): Promise<Column[]> {
  const { rows } =
    await client.query<Column>(`select t.relname as table_name, a.attname as column_name, format_type(a.atttypid, a.atttypmod) as type,
      not a.attnotnull as nullable, pg_get_expr(d.adbin, d.adrelid) as default_value, a.attgenerated <> '' or a.attidentity <> '' as generated,
      col_description(t.oid, a.attnum) as comment
    from (${TABLES}) t join pg_attribute a on a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped
    left join pg_attrdef d on d.adrelid = t.oid and d.adnum = a.attnum
    order by t.relname, a.attnum`);
  return rows;
}

/** A readable description of every table of the migrated database, in Markdown: columns, constraints, indexes with the query each serves. */
export function describeSchema(ownerUrl: string): Promise<string> {
  return withClient(ownerUrl, async (client) => {
    const columns = await readColumns(client);
    const { rows: constraints } =
      await client.query<Named>(`select t.relname as table_name, k.conname as name, pg_get_constraintdef(k.oid) as definition, null as comment
      from (${TABLES}) t join pg_constraint k on k.conrelid = t.oid and k.contype <> 'n' order by t.relname, k.contype, k.conname`);
    const { rows: indexes } =
      await client.query<Named>(`select t.relname as table_name, i.relname as name, pg_get_indexdef(i.oid) as definition, obj_description(i.oid) as comment
      from (${TABLES}) t join pg_index x on x.indrelid = t.oid join pg_class i on i.oid = x.indexrelid
      where not exists (select from pg_constraint k where k.conindid = i.oid and k.contype in ('p', 'u')) order by t.relname, i.relname`);
    const { rows: tables } = await client.query<{ relname: string; comment: string | null; isolated: boolean }>(
      `select t.relname, obj_description(t.oid) as comment, c.relforcerowsecurity as isolated from (${TABLES}) t join pg_class c on c.oid = t.oid order by t.relname`,
    );
    const lines = [
      '# Tables',
      '',
      'Written by `pnpm db:describe` from the migrated database; a test compares it. Tables marked *by store* are under forced row-level security.',
      '',
    ];
    for (const table of tables) {
      lines.push(`## ${table.relname}${table.isolated ? ' (by store)' : ''}`, '');
      if (table.comment) lines.push(table.comment, '');
      for (const c of columns.filter((x) => x.table_name === table.relname)) {
        const facts = [
          c.type,
          c.nullable ? 'null' : 'not null',
          c.default_value ? `default ${c.default_value}` : '',
          c.generated && !c.default_value ? 'generated' : '',
        ]
          .filter(Boolean)
          .join(', ');
        lines.push(`- \`${c.column_name}\` ${facts}${c.comment ? `: ${c.comment}` : ''}`);
      }
      lines.push('');
      for (const k of constraints.filter((x) => x.table_name === table.relname)) lines.push(`- ${k.name}: ${k.definition}`);
      for (const i of indexes.filter((x) => x.table_name === table.relname)) {
        lines.push(
          `- ${i.name}: ${i.definition.replace(/^CREATE (UNIQUE )?INDEX \S+ ON public\.\S+ USING /, '$1')}${i.comment ? ` — ${i.comment}` : ''}`,
        );
      }
      lines.push('');
    }
    return lines.join('\n');
  });
}

const TYPES: Record<string, string> = {
  integer: 'number',
  smallint: 'number',
  bigint: 'number',
  boolean: 'boolean',
  text: 'string',
  uuid: 'string',
  date: 'string',
  bytea: 'Buffer',
  jsonb: 'Json',
  'timestamp with time zone': 'string',
  'text[]': 'string[]',
  'uuid[]': 'string[]',
};

/** The table types of the migrated database as TypeScript for the query builder. Throws for a column type that has no mapping. */
export function generateTableTypes(ownerUrl: string): Promise<string> {
  return withClient(ownerUrl, async (client) => {
    const columns = await readColumns(client);
    const pascal = (name: string) =>
      name
        .split('_')
        .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
        .join('') + 'Table';
    const names = [...new Set(columns.map((c) => c.table_name))];
    const out = [
      '// Written by `pnpm db:describe` from the migrated database; a test compares it.',
      "import type { ColumnType, Generated, GeneratedAlways } from 'kysely';",
      '',
      '/** What a jsonb column takes and gives; the query that reads it knows its shape. */',
      'export type Json = ColumnType<unknown, string, string>;',
      '',
    ];
    for (const name of names) {
      out.push(`export type ${pascal(name)} = {`);
      for (const c of columns.filter((x) => x.table_name === name)) {
        const base = TYPES[c.type];
        if (!base) throw new Error(`column ${name}.${c.column_name} has type ${c.type}, which has no TypeScript type`);
        const nullable = c.nullable ? (base === 'Json' ? 'ColumnType<unknown, string | null, string | null>' : `${base} | null`) : base;
        out.push(
          `  ${c.column_name}: ${c.generated ? `GeneratedAlways<${nullable}>` : c.default_value ? (base === 'Json' ? 'ColumnType<unknown, string | undefined, string>' : `Generated<${nullable}>`) : nullable};`,
        );
      }
      out.push('};', '');
    }
    out.push('export type DB = {', ...names.map((name) => `  ${name}: ${pascal(name)};`), '};', '');
    return out.join('\n');
  });
}
