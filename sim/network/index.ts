export * from './push-route.ts';
