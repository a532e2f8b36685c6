import { createServer, request } from 'node:http';
import type { HostDirectory } from '../hosts/directory.ts';
export async function startFront(o: {
  directory: HostDirectory;
  motoUrl: string;
  port: number;
  registryUrl: string;
  registryPort: number;
  [k: string]: unknown;
}) {
  const proxy = (to: string) =>
    createServer((req, res) => {
      if (req.url === '/_cloud/hosts') {
        res.end(JSON.stringify(o.directory.list()));
        return;
      }
      req.pipe(
        request(new URL(req.url ?? '/', to), { method: req.method ?? 'GET', headers: req.headers }, (r) => {
          res.writeHead(r.statusCode ?? 500, r.headers);
          r.pipe(res);
        }).on('error', () => res.destroy()),
      );
    });
  proxy(o.motoUrl).listen(o.port);
  proxy(o.registryUrl).listen(o.registryPort);
}
