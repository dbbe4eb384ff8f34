import { webApp } from '@baoke/ui/vite';
import { defineConfig } from 'vite';

export default defineConfig(webApp({ base: '/reports/', port: 4211 }));
