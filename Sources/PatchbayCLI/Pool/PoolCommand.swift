import ArgumentParser

/// `patchbay pool`
struct PoolCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pool", abstract: "Named sets of interchangeable devices, made of rules.",
        subcommands: [
            PoolList.self, PoolShow.self, PoolCreate.self, PoolEdit.self, PoolDelete.self, PoolPreview.self,
            PoolRuleCommand.self,
        ])
}
