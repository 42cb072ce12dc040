// Letters by SMTP, to a server that takes down what it is told; one that is away or silent fails within moments.
import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { createMail } from '../src/mail.ts';

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
});

/** @returns its address */
async function listen(serve: (socket: Socket) => void): Promise<string> {
  const server = createServer(serve);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return `smtp://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
}

/** The least that a sender needs to hear. */
function smtp(told: string[]): (socket: Socket) => void {
  return (socket) => {
    let isLetter = false;
    socket.write('220 here\r\n');
    socket.on('data', (bytes) => {
      for (const line of bytes.toString().split('\r\n').slice(0, -1)) {
        told.push(line);
        if (isLetter) {
          if (line !== '.') continue;
          isLetter = false;
          socket.write('250 taken\r\n');
        } else if (line === 'DATA') {
          isLetter = true;
          socket.write('354 go on\r\n');
        } else if (line === 'QUIT') socket.end('221 bye\r\n');
        else socket.write('250 good\r\n');
      }
    });
  };
}

const LETTER = {
  to: 'ann@example.com',
  subject: 'Invitation to\r\nBcc: eve@example.com',
  text: 'Open https://a.example/#x',
};

test('a letter goes to one address, with nothing of its subject taken for more', async () => {
  const told: string[] = [];
  await createMail(await listen(smtp(told)), 'Tracker Hub <hub@example.com>')(LETTER);
  expect(told.filter((line) => line.startsWith('RCPT'))).toEqual(['RCPT TO:<ann@example.com>']);
  expect(told.find((line) => line.startsWith('MAIL'))).toContain('<hub@example.com>');
  expect(told).toContain('Subject: Invitation to Bcc: eve@example.com');
  expect(told).toContain('To: ann@example.com');
  expect(told).toContain('Open https://a.example/#x');
});

test('a server that is away, or refuses, is an error', async () => {
  const away = await listen(() => {});
  await new Promise((resolve) => servers.pop()!.close(resolve));
  await expect(createMail(away, 'hub@example.com')(LETTER)).rejects.toMatchObject({ code: 'ESOCKET' });
  const refusing = await listen((socket) => socket.end('554 no\r\n'));
  await expect(createMail(refusing, 'hub@example.com')(LETTER)).rejects.toThrow();
});
