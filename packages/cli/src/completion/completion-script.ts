const scripts = {
  bash: `_landbridge() {
  local words
  words="$("\${COMP_WORDS[0]}" complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)"
  local current="\${COMP_WORDS[COMP_CWORD]}"
  [ "$current" = "=" ] && current=""
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o bashdefault -o default -F _landbridge landbridge
`,
  zsh: `#compdef landbridge
_landbridge() {
  local -a found
  found=("\${(@f)$("\${words[1]}" complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ -n "$found[1]" ]]; then compadd -a found; else _files; fi
}
compdef _landbridge landbridge
`,
};

/** What a shell has to read so that it completes `landbridge`; it asks `landbridge complete` for the words. */
export function completionScript(shell: string): string {
  if (shell in scripts) return scripts[shell as keyof typeof scripts];
  throw new Error(`there is completion for ${Object.keys(scripts).join(' and ')}, not for ${shell}`);
}
