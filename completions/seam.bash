# bash completion for seam; made by 'seam completion bash'
_seam()
{
	local cur=${COMP_WORDS[COMP_CWORD]} prev= verb= words= files= i
	for ((i = 1; i < COMP_CWORD; i++)); do
		[[ ${COMP_WORDS[i]} == -* ]] || { verb=${COMP_WORDS[i]}; break; }
	done
	prev=${COMP_WORDS[COMP_CWORD - 1]}
	if [[ $cur == = ]]; then
		cur=
	elif [[ $prev == = ]]; then
		prev=${COMP_WORDS[COMP_CWORD - 2]}
	fi
	case "$verb $prev" in
	'record --output' | 'record -o') files=1 ;;
	'record --attach' | 'record -p') words= ;;
	'record --cgroup') files=1 ;;
	'record --trace' | 'record -e') words= ;;
	'record --where' | 'record -w') words= ;;
	'record --snap' | 'record -s') words= ;;
	'record --pause') words='best hold freeze stop no' ;;
	'record --engine') words='best bpf ptrace' ;;
	'record --buffer') words= ;;
	'record --level') words= ;;
	'record --interval') words= ;;
	'record --by') words='call process all' ;;
	'record --sort') words='time calls errors mean max bytes waited name' ;;
	'record --lines') words= ;;
	'record --flight') words= ;;
	'record --rotate') words= ;;
	'record --keep') words= ;;
	'show --trace' | 'show -e') words= ;;
	'show --where' | 'show -w') words= ;;
	'show --task' | 'show -p') words= ;;
	'show --path' | 'show -P') words= ;;
	'show --fd') words= ;;
	'show --since') words= ;;
	'show --until') words= ;;
	'show --kinds') words= ;;
	'show --string' | 'show -s') words= ;;
	'show --columns' | 'show -a') words= ;;
	'show --output' | 'show -o') files=1 ;;
	'stats --by' | 'stats -b') words='call process file peer wait all' ;;
	'stats --trace' | 'stats -e') words= ;;
	'stats --where' | 'stats -w') words= ;;
	'stats --sort' | 'stats -S') words='time calls errors mean max bytes waited name' ;;
	'stats --lines' | 'stats -n') words= ;;
	'events --output' | 'events -o') files=1 ;;
	'events --attach' | 'events -p') words= ;;
	'events --kinds' | 'events -k') words= ;;
	'inject --inject' | 'inject -e') words= ;;
	'inject --attach' | 'inject -p') words= ;;
	'inject --count' | 'inject -c') words='task process tree' ;;
	'inject --output' | 'inject -o') files=1 ;;
	'calls --arch' | 'calls -A') words='x86_64 arm64 riscv64 i386 arm' ;;
	*) case "$verb:$cur" in
		:-*) words='-V --version -h --help ' ;;
		:*) words='record snap show stats events inject calls doctor help version completion' ;;
		record:-*) words='-o --output -p --attach -a --all --cgroup -e --trace -w --where -z --successful-only -Z --failed-only -s --snap --full --no-content --no-structures --no-duration --traps --drop --pause --engine --buffer --level --stats --interval --by --sort --lines --json --flight --rotate --keep -q --quiet -h --help ' ;;
		record:*) words= ;;
		snap:-*) words='-q --quiet -h --help ' ;;
		snap:*) words= ;;
		show:-*) words='-e --trace -w --where -p --task -P --path --fd --since --until --tree --events --kinds -s --string -v --no-abbrev -a --columns -n --numbers -N --names -t --day --epoch --start -r --elapsed -T --durations -o --output -j --json --tasks --own-pids --images -f --follow -h --help ' ;;
		show:*) files=1 ;;
		stats:-*) words='-b --by -p --processes -e --trace -w --where -S --sort -n --lines -j --json -h --help ' ;;
		stats:*) files=1 ;;
		events:-*) words='-o --output -p --attach -k --kinds --json -h --help ' ;;
		events:*) words= ;;
		inject:-*) words='-e --inject -p --attach -c --count --per-task --per-tree --strict -o --output -v --verbose -q --quiet -h --help ' ;;
		inject:*) words= ;;
		calls:-*) words='-A --arch -a --all -l --list -j --json -c --coverage -h --help ' ;;
		calls:*) words=$(seam calls --names 2>/dev/null) ;;
		doctor:-*) words='-j --json -h --help ' ;;
		doctor:*) words= ;;
		help:-*) words='-h --help ' ;;
		help:*) words='record snap show stats events inject calls doctor help version completion' ;;
		version:-*) words='-h --help ' ;;
		version:*) words= ;;
		completion:-*) words='-h --help ' ;;
		completion:*) words='bash zsh' ;;
		esac ;;
	esac
	if [[ $files ]]; then
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
	else
		mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
	fi
}
complete -F _seam seam
