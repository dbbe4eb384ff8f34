import { templateColumns, type FileKind } from '@baoke/core/imports';
import type { exported } from '@baoke/core/kernel/wire';
import { createI18n, type Locale } from '@baoke/i18n';
import type { z } from 'zod';
import { toXlsx, XLSX, type Sheet } from '../exports/sheet.ts';

/** An empty workbook of a kind of file, its columns explained on a second sheet: for stores whose system exports none. Source: 11 row 33. */
export async function importTemplate(kind: FileKind, locale: Locale): Promise<z.output<typeof exported>> {
  const { t } = createI18n(locale);
  const content = await toXlsx(templateSheet(kind, locale));
  return {
    fileName: `${t('imports.template.fileName', { kind: t(`imports.kinds.${kind}`) })}.xlsx`,
    contentType: XLSX,
    base64: content.toString('base64'),
    rows: 0,
    complete: true,
  };
}

/** The sheets of that workbook; what stands on the first is read as the kind of file it is for. */
export function templateSheet(kind: FileKind, locale: Locale): Sheet {
  const { t } = createI18n(locale);
  const columns = templateColumns(kind);
  return {
    name: t(`imports.kinds.${kind}`),
    header: columns.map(({ header }) => header[locale]),
    rows: [],
    more: [
      {
        name: t('imports.template.guide'),
        about: [t('imports.template.about')],
        header: [
          t('imports.template.column'),
          t('imports.template.required'),
          t('imports.template.content'),
          t('imports.template.synonyms'),
        ],
        rows: columns.map(({ header, type, required, timed, synonyms }) => [
          header[locale],
          required ? t('imports.template.yes') : null,
          timed ? t('imports.template.timed') : t(`imports.template.types.${type}`),
          synonyms.join(t('imports.template.and')),
        ]),
      },
    ],
  };
}
