/** What each shell needs to ask the program itself: `complete` prints a word and a tab and what it means, or `:files`. */

export const completionScripts: Readonly<Record<"bash" | "zsh" | "fish", string>> = {
  // bash 3 of macOS has no compopt.
  bash: `# storm-lab: completion for bash. In ~/.bashrc:  eval "$(storm-lab completion bash)"
_storm_lab() {
  local word text cur=\${COMP_WORDS[COMP_CWORD]} files=0
  [[ $cur == "=" ]] && cur=""
  COMPREPLY=()
  while IFS=$'\\t' read -r word text; do
    if [[ $word == :files ]]; then files=1; else COMPREPLY+=("$word"); fi
  done < <("\${COMP_WORDS[0]}" complete -- "\${COMP_WORDS[@]:1:COMP_CWORD-1}" "$cur" 2>/dev/null)
  if (( files )); then
    compopt -o filenames 2>/dev/null
    while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen -f -- "$cur")
  elif [[ \${#COMPREPLY[@]} == 1 && \${COMPREPLY[0]} == *= ]]; then
    compopt -o nospace 2>/dev/null
  fi
}
complete -F _storm_lab storm-lab
`,
  zsh: `#compdef storm-lab
# storm-lab: completion for zsh. In ~/.zshrc, after compinit:  eval "$(storm-lab completion zsh)"
_storm_lab() {
  local -a entries
  local word text files=0
  while IFS=$'\\t' read -r word text; do
    if [[ $word == :files ]]; then files=1; else entries+=("\${word//:/\\\\:}\${text:+:$text}"); fi
  done < <("\${words[1]}" complete -- "\${(@Q)words[2,CURRENT]}" 2>/dev/null)
  (( \${#entries} )) && _describe storm-lab entries
  (( files )) && _files
  return 0
}
if [[ "\${funcstack[1]:-}" == _storm_lab ]]; then _storm_lab "$@"; else compdef _storm_lab storm-lab; fi
`,
  fish: `# storm-lab: completion for fish.  storm-lab completion fish > ~/.config/fish/completions/storm-lab.fish
function __storm_lab_complete
  set -l words (commandline -opc)
  set -l current (commandline -ct)
  for line in ($words[1] complete -- $words[2..-1] "$current" 2>/dev/null)
    if test "$line" = ":files"
      __fish_complete_path "$current"
    else
      echo $line
    end
  end
end
complete -c storm-lab -f -a '(__storm_lab_complete)'
`,
};
