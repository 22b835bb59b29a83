import ArgumentParser

/// `patchbay completion bash`
struct CompletionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "completion", abstract: "Print a completion script for your shell.",
        discussion: """
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
            case .bash: CLI.root.completionScript(for: .bash)
            case .zsh: CLI.root.completionScript(for: .zsh)
            case .fish: CLI.root.completionScript(for: .fish)
            }
        Surroundings.current.write(Array((script + "\n").utf8))
    }
}
