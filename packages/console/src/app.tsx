import { useEffect, useState } from 'preact/hooks';
import { Link, Router, useLocation } from 'wouter-preact';
import { readSession, session, signOut, type Session } from './calls/session.ts';
import { connection } from './live/stream.ts';
import { navigation, Pages } from './pages.tsx';
import { Banner } from './parts/banner.tsx';
import { LanguageButton } from './parts/language-button.tsx';
import { Problem } from './parts/problem.tsx';
import { SignInPage } from './sign-in-page.tsx';
import { say } from './words/said.ts';
import { openWorld, WorldContext, type World } from './world.ts';

/** Who is not signed in sees the sign-in page at whatever address, and is there afterwards. */
export function App() {
  const [problem, setProblem] = useState<unknown>(null);
  const look = () => {
    setProblem(null);
    readSession().catch(setProblem);
  };
  useEffect(look, []);
  const who = session.value;
  if (who === null) return <SignInPage />;
  if (who === undefined) return <Problem of={problem} again={look} />;
  return (
    <Router base="/console">
      <SignedIn key={who.SecretId} who={who} />
    </Router>
  );
}

function SignedIn({ who }: { readonly who: Session }) {
  const [world, setWorld] = useState<World | null>(null);
  useEffect(() => {
    const opened = openWorld(who);
    setWorld(opened);
    return () => opened.close();
  }, []);
  if (world === null) return null;
  return (
    <WorldContext.Provider value={world}>
      <a class="skip" href="#content">
        {say('nav.skip')}
      </a>
      <div class="shell">
        <Rail who={who} />
        <div class="page">
          <Banner />
          <main id="content" tabIndex={-1}>
            <Pages />
          </main>
        </div>
      </div>
    </WorldContext.Provider>
  );
}

const connectionKinds = { live: 'good', connecting: 'waiting', lost: 'bad' } as const;

function Rail({ who }: { readonly who: Session }) {
  return (
    <header class="rail">
      <p class="brand">Landbridge</p>
      <nav aria-label={say('nav.pages')}>
        {navigation.map(({ href, word }) => (
          <NavLink key={href} href={href}>
            {say(word)}
          </NavLink>
        ))}
      </nav>
      <div class="who">
        <span class={`mark ${connectionKinds[connection.value]}`} role="status">
          <span aria-hidden="true">●</span> {say(`live.${connection.value}`)}
        </span>
        <span title={who.SecretId}>{who.AccountName || who.AccountId}</span>
        <LanguageButton />
        <button type="button" class="quiet" onClick={() => void signOut()}>
          {say('nav.signOut')}
        </button>
      </div>
    </header>
  );
}

function NavLink({ href, children }: { readonly href: string; readonly children: preact.ComponentChildren }) {
  const [path] = useLocation();
  const isHere = href === '/' ? path === '/' : path.startsWith(href);
  return (
    <Link href={href} aria-current={isHere ? 'page' : undefined}>
      {children}
    </Link>
  );
}
