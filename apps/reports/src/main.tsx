import { loadChineseFont } from '@baoke/ui';
import '@baoke/ui/ui.css';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { I18nextProvider } from 'react-i18next';
import { createAppRouter } from './router.tsx';
import { createApi } from './shell/api.ts';
import { startI18n } from './shell/language.ts';
import './reports.css';

const [i18n, api] = [await startI18n(), createApi()];
const router = createAppRouter(api);
const root = document.getElementById('root');
if (!root) throw new Error('the page has no #root');
createRoot(root).render(
  <StrictMode>
    <I18nextProvider i18n={i18n}>
      <QueryClientProvider client={api.queryClient}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </I18nextProvider>
  </StrictMode>,
);
void loadChineseFont();
// Calendars name their months in it; they come later than the page.
void import('dayjs/locale/zh-cn');
