import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The measure of all: Node's own server with a fixed JSON answer, and nothing else. Prints its port. */
const body = JSON.stringify({ status: 'ok' });
const headers = {
  'Content-Type': 'application/json; charset=utf-8',
  'Content-Length': Buffer.byteLength(body),
};

const server = createServer((_request, response) => {
  response.writeHead(200, headers);
  response.end(body);
});
server.listen(0, '127.0.0.1', () =>
  console.log(JSON.stringify({ port: (server.address() as AddressInfo).port })),
);
