import ArgumentParser

/// `patchbay completion bash`
struct CompletionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "completion", abstract: "Print a completion script for your shell.",
        discussion: """
            Commands, options and values come from the script; names of VMs, pools, devices, hosts, plans and claims are asked \
            of the server, for at most 0.8 s. Without a server none are offered.
            bash:  patchbay completion bash > /etc/bash_completion.d/patchbay
            zsh:   patchbay completion zsh > "${fpath[1]}/_patchbay"
            fish:  patchbay completion fish > ~/.config/fish/completions/patchbay.fish
            """)

    enum Shell: String, ExpressibleByArgument, CaseIterable { case bash, zsh, fish }

    @Argument(help: "bash, zsh or fish.")
    var shell: Shell

    func run() throws {
        let script =
            switch shell {
            case .bash: Self.joiningAddresses(CLI.root.completionScript(for: .bash))
            case .zsh: CLI.root.completionScript(for: .zsh)
            case .fish: CLI.root.completionScript(for: .fish)
            }
        Surroundings.current.write(Array((script + "\n").utf8))
    }

    /// The script, called in such a way that it sees an address as one word.
    private static func joiningAddresses(_ script: String) -> String {
        script.replacing("complete -o filenames -F _patchbay patchbay", with: wrapper)
    }

    /// Bash takes words apart at colons. They are joined for the script, and what it offers loses what stands before the last
    /// colon, because bash puts it behind that.
    private static let wrapper = #"""
        _patchbay_whole_words() {
            local -a words=()
            local -i index last=0
            local rest="${COMP_LINE}" word gap
            for index in "${!COMP_WORDS[@]}"; do
                word="${COMP_WORDS[index]}"
                gap="${rest%%[![:space:]]*}"
                rest="${rest#"${gap}"}"
                rest="${rest#"${word}"}"
                if [[ index -gt 0 && -z "${gap}" && ( "${word}" == :* || "${words[-1]}" == *: ) ]]; then
                    words[-1]+="${word}"
                else
                    words+=("${word}")
                fi
                [[ index -eq COMP_CWORD ]] && last=${#words[@]}-1
            done
            local -a COMP_WORDS=("${words[@]}")
            local -i COMP_CWORD=last
            local current="${COMP_WORDS[last]}"
            _patchbay "${1}" "${current}" "${COMP_WORDS[last - 1]}"
            if [[ "${current}" == *:* ]]; then
                COMPREPLY=("${COMPREPLY[@]#"${current%"${current##*:}"}"}")
            fi
            [[ -e "${COMPREPLY[0]-}" ]] || compopt +o filenames 2>/dev/null
        }

        complete -o filenames -F _patchbay_whole_words patchbay
        """#
}
