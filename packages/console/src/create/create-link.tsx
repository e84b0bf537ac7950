import { Link } from 'wouter-preact';
import { say } from '../words/said.ts';

export function CreateLink() {
  return (
    <Link href="/create" class="button strong">
      {say('create.go')}
    </Link>
  );
}
