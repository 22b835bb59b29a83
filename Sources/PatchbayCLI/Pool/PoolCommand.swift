import ArgumentParser

/// `patchbay pool`
struct PoolCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pool", abstract: "Pools: named sets of interchangeable devices, defined by rules.",
        subcommands: [
            PoolList.self, PoolShow.self, PoolCreate.self, PoolEdit.self, PoolDelete.self, PoolPreview.self,
            PoolRuleCommand.self,
        ])
}
