import ArgumentParser

/// `patchbay store`
struct StoreCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "store", abstract: "What the server has stored and cannot read any more.",
        subcommands: [StoreList.self, StoreDrop.self])
}
