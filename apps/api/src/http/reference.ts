import fastify, { type FastifyInstance } from 'fastify';

// The reference page brings scripts of its own inline; it shows nothing but the public description.
const POLICY =
  "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; worker-src blob:";

/**
 * The interactive description of the API under `/docs`. It is put together when somebody first opens it: the page alone would take as much
 * memory as everything else a server at rest holds.
 */
export function serveReference(app: FastifyInstance): void {
  let made: Promise<FastifyInstance> | undefined;
  const serve = async (url: string) => (await (made ??= makeReference())).inject({ method: 'GET', url });
  for (const path of ['/docs', '/docs/*']) {
    app.get(path, async (req, res) => {
      const page = await serve(req.url);
      if (page.statusCode === 404) return res.callNotFound();
      for (const name of ['content-type', 'location', 'cache-control', 'etag']) {
        const value = page.headers[name];
        if (value !== undefined) res.header(name, value);
      }
      return res.status(page.statusCode).header('content-security-policy', POLICY).send(page.rawPayload);
    });
  }
}

async function makeReference(): Promise<FastifyInstance> {
  const { default: scalar } = await import('@scalar/fastify-api-reference');
  const pages = fastify();
  await pages.register(scalar, {
    routePrefix: '/docs',
    configuration: {
      url: '/openapi.json',
      title: 'Baoke API',
      withDefaultFonts: false,
      hideClientButton: true,
      telemetry: false,
      // Nothing of the page sends the description of a store's system to somebody else.
      agent: { disabled: true },
      mcp: { disabled: true },
      showDeveloperTools: 'never',
    },
  });
  return pages;
}
