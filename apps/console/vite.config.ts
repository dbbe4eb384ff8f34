import { webApp } from '@baoke/ui/vite';
import { defineConfig } from 'vite';

export default defineConfig(webApp({ base: '/', port: 4210 }));
