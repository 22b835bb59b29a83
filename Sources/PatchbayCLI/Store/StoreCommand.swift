import ArgumentParser

/// `patchbay store`
struct StoreCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "store", abstract: "Stored values that the server can no longer read.",
        subcommands: [StoreList.self, StoreDrop.self])
}
