import { render } from 'preact';
import { App } from './app.tsx';
import { keepTime } from './live/now.ts';
import { language, speak } from './words/said.ts';

await speak(language.value);
keepTime();
render(<App />, document.body);
