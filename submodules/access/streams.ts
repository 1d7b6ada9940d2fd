import type { SubmoduleStreams } from '@apiary/model/submodule.ts';

/** Access logs of web servers, in the common and in the combined format. */
export const streams: SubmoduleStreams = {
  name: 'access',
  title: 'Web access logs',
  sources: [
    {
      kind: 'lines',
      stream: 'log',
      usual_paths: [
        '/var/log/apache2/*access*.log',
        '/var/log/httpd/access_log',
        '/var/log/nginx/*access*.log',
        '/data/nginx/log/access.log',
      ],
    },
  ],
};
