import { createHash } from 'node:crypto';
import multipart from '@fastify/multipart';
import { isUuid, type ImportId } from '@baoke/core/kernel';
import { words } from '@baoke/core/kernel/wire';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { TRPCError } from '@trpc/server';
import { getHTTPStatusCodeFromError } from '@trpc/server/http';
import { z } from 'zod';
import { callerOf, nobodyKnown, owedBeforeWork } from '../access/sessions.ts';
import { now } from '../clock.ts';
import { staffContext, type StaffContext } from '../context.ts';
import { preferredLanguage, toAnswer } from '../http/answers.ts';
import { countOperation } from '../http/limits.ts';
import { faultyOf } from '../http/faults.ts';
import { lacksRight, refusal } from '../http/refusals.ts';
import type { Platform } from '../platform.ts';
import { idempotencyKeyOf, once } from '../trpc.ts';
import { DEFAULT_LIMITS } from './reader/limits.ts';
import { correctionWorkbook, keepUpload, type UploadedFile } from './use-cases.ts';

const FILES_AT_ONCE = 10;
/** What of the form is written down: the names of its files. */
const FORM = z.object({ files: words(255) });
// The console's own address, and the one of integrators beside the procedures.
const PLACES = ['', '/api/v1'] as const;

/** What cannot be a procedure: files come in as a form and go out as an attachment. The same callers, rights, keys and refusals hold. */
export async function importFiles(app: FastifyInstance, platform: Platform): Promise<void> {
  await app.register(async (scope) => {
    await scope.register(multipart, { limits: { fileSize: DEFAULT_LIMITS.fileBytes, files: FILES_AT_ONCE, fields: 0 } });

    const readFiles = async (req: FastifyRequest): Promise<UploadedFile[]> => {
      const files: UploadedFile[] = [];
      for await (const part of req.files()) {
        const bytes = await part.toBuffer().catch((error: unknown) => {
          if (error instanceof scope.multipartErrors.RequestFileTooLargeError) throw refusal('imports.file_too_large');
          throw error;
        });
        files.push({ name: FORM.parse({ files: part.filename }).files, bytes });
      }
      if (files.length === 0) throw refusal('imports.file_missing');
      return files;
    };

    for (const place of PLACES) {
      scope.post(`${place}/imports/files`, { bodyLimit: DEFAULT_LIMITS.fileBytes * FILES_AT_ONCE }, (req, res) =>
        answer(platform, req, res, 'edit', async (staff) => {
          const key = idempotencyKeyOf(req, staff);
          const files = await readFiles(req);
          if (key === undefined) return res.send({ importId: await keepUpload(platform, staff, files) });
          const input = files.map(({ name, bytes }) => [name, createHash('sha256').update(bytes).digest('hex')]);
          const { data } = await once({ platform, res }, staff, { key, path: 'imports.upload', input }, async (inside) => ({
            ok: true,
            data: { importId: await keepUpload(platform, inside, files) },
          }));
          return res.send(data);
        }),
      );

      scope.get<{ Params: { importId: string; position: string }; Querystring: Readonly<Record<string, unknown>> }>(
        `${place}/imports/:importId/files/:position/corrections.xlsx`,
        (req, res) =>
          answer(platform, req, res, 'view', async (staff) => {
            const { importId, position } = req.params;
            if (!isUuid(importId) || !/^\d{1,2}$/.test(position)) throw refusal('platform.not_found');
            const idNumbers = req.query['idNumbers'] === 'true';
            const { name, bytes } = await correctionWorkbook(platform, staff, importId as ImportId, Number(position), idNumbers);
            return res
              .type('application/vnd.openxmlformats-officedocument.spreadsheetml.sheet')
              .header('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(name)}`)
              .send(bytes);
          }),
      );
    }
  });
}

async function answer(
  platform: Platform,
  req: FastifyRequest,
  res: FastifyReply,
  action: 'view' | 'edit',
  work: (staff: StaffContext) => Promise<FastifyReply>,
): Promise<FastifyReply> {
  let locale = preferredLanguage(req.headers['accept-language']);
  try {
    const caller = await callerOf(platform, req);
    if (!caller) throw await nobodyKnown(platform, req);
    const owed = owedBeforeWork(caller);
    if (owed) throw refusal(owed);
    locale ??= caller.locale;
    await countOperation(platform.limits, caller, res);
    if (caller.rights('imports', action) === 'none') throw lacksRight(caller.kind, 'imports', action);
    return await work(staffContext(platform, caller, { now: now(), requestId: req.id, ip: req.ip }));
  } catch (error) {
    const fault = faultyOf(error);
    if (!fault) throw error;
    return res.status(error instanceof TRPCError ? getHTTPStatusCodeFromError(error) : 400).send(toAnswer(fault, locale ?? 'zh', req.id));
  }
}
