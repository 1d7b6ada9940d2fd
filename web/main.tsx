import '@mantine/core/styles.css';
import './style.css';
import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { ApiFailure } from './api.ts';
import { router } from './router.tsx';
import { theme } from './theme.ts';

const nonce = document.querySelector<HTMLMetaElement>('meta[name=style-nonce]')?.content ?? '';

const client = new QueryClient({
  defaultOptions: {
    queries: {
      // What failed says so at once; the pages' own intervals try again.
      retry: false,
      throwOnError: false,
      refetchOnWindowFocus: true,
    },
  },
});
// A log-in that has ended shows as the log-in page, whichever request noticed it.
client.getQueryCache().subscribe(({ type, query }) => {
  const { error } = query.state;
  if (type === 'updated' && error instanceof ApiFailure && error.status === 401 && query.queryKey[0] !== 'me')
    client.setQueryData(['me'], null);
});

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <MantineProvider theme={theme} defaultColorScheme="auto" getStyleNonce={() => nonce}>
      <QueryClientProvider client={client}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
