import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, waitFor } from '@exrec/testing';

const username = 'mcp';
const password = 'pass word';
const realm = 'exrec';

export type ForeignServer = {
  readonly url: string;
  readonly username: string;
  readonly password: string;
  put(name: string, content: Buffer): Promise<void>;
  stop(): Promise<void>;
};

export const nginx = '/usr/sbin/nginx';
export const apache = '/usr/sbin/apache2';

/** nginx with `dav_ext` and Basic authentication; WebDAV at its root. */
export async function startNginx(): Promise<ForeignServer> {
  return startServer(nginx, '/', ({ dir, port }) => {
    const config = `
      load_module /usr/lib/nginx/modules/ngx_http_dav_ext_module.so;
      ${asRoot('user root;')} daemon off; worker_processes 1; pid ${dir}/pid; error_log ${dir}/log;
      events {}
      http {
        access_log off; client_body_temp_path ${dir}/body; proxy_temp_path ${dir}/t1;
        fastcgi_temp_path ${dir}/t2; uwsgi_temp_path ${dir}/t3; scgi_temp_path ${dir}/t4;
        server {
          listen 127.0.0.1:${port}; root ${dir}/files;
          auth_basic ${realm}; auth_basic_user_file ${dir}/users;
          dav_methods PUT DELETE MKCOL COPY MOVE; dav_ext_methods PROPFIND OPTIONS;
        }
      }`;
    return { config, args: ['-c', `${dir}/config`, '-p', dir] };
  });
}

/** Apache's mod_dav below `/rec/`, with Basic or Digest authentication. */
export async function startApache(scheme: 'Basic' | 'Digest'): Promise<ForeignServer> {
  return startServer(apache, '/rec/', ({ dir, port }) => {
    const modules = [
      'mpm_event',
      'authn_core',
      'authn_file',
      'authz_core',
      'authz_user',
      'dav',
      'dav_fs',
    ];
    const load = [...modules, 'auth_basic', 'auth_digest', 'alias']
      .map((name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`)
      .join('\n');
    const provider = scheme === 'Basic' ? 'AuthBasicProvider' : 'AuthDigestProvider';
    const config = `
${load}
ServerName 127.0.0.1
Listen 127.0.0.1:${port}
PidFile ${dir}/pid
ErrorLog ${dir}/log
DefaultRuntimeDir ${dir}
DavLockDB ${dir}/locks
DocumentRoot ${dir}/empty
Alias /rec ${dir}/files
<Directory ${dir}/files>
  Dav On
  AuthType ${scheme}
  AuthName ${realm}
  ${provider} file
  AuthUserFile ${dir}/${scheme === 'Basic' ? 'users' : 'digest-users'}
  Require valid-user
</Directory>`;
    return { config, args: ['-D', 'FOREGROUND', '-f', `${dir}/config`] };
  });
}

type Place = { readonly dir: string; readonly port: number };
type Launch = { readonly config: string; readonly args: readonly string[] };

async function startServer(
  program: string,
  path: string,
  launch: (place: Place) => Launch,
): Promise<ForeignServer> {
  const dir = await mkdtemp(join(tmpdir(), 'exrec-dav-'));
  const port = await freePort();
  await chmod(dir, 0o755);
  await Promise.all(['files', 'empty'].map((name) => mkdir(join(dir, name))));
  // Apache drops root's rights; its own user writes.
  await chmod(join(dir, 'files'), 0o777);
  const { config, args } = launch({ dir, port });
  await writeFile(join(dir, 'config'), config);
  await writeFile(join(dir, 'users'), `${username}:{SHA}${sha1(password)}\n`);
  await writeFile(
    join(dir, 'digest-users'),
    `${username}:${realm}:${md5(`${username}:${realm}:${password}`)}\n`,
  );
  const child = spawn(program, args, { stdio: 'ignore' });
  const url = `http://127.0.0.1:${port}${path}`;
  await waitFor(`${program} on port ${port}`, async () => {
    if (child.exitCode !== null) throw new Error(`${program} ended with ${child.exitCode}`);
    return (await fetch(url).catch(() => undefined)) !== undefined;
  });
  return {
    url,
    username,
    password,
    put: async (name, content) => {
      // A new file, so that the servers see another inode, as after their own PUT.
      await rm(join(dir, 'files', name), { force: true });
      await writeFile(join(dir, 'files', name), content, { mode: 0o666 });
    },
    stop: async () => {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await ended;
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** Whether a server program is on this machine. */
export function isInstalled(program: string): boolean {
  return spawnSync(program, ['-v'], { stdio: 'ignore' }).status === 0;
}

function asRoot(directive: string): string {
  return process.getuid?.() === 0 ? directive : '';
}

function sha1(text: string): string {
  return createHash('sha1').update(text).digest('base64');
}

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}
