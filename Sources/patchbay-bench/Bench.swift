import ArgumentParser

/// Our speed beside that of others, measured in the same run on the same machine.
@main
struct Bench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "patchbay-bench", abstract: "Measure Patchbay beside its peers and the machine's own floor.",
        subcommands: [
            InventoryBench.self, HoldersBench.self, PlacementBench.self, ClaimsBench.self, ExplainBench.self,
            WriteCheckBench.self, InventoryOnce.self,
        ])
}
