import ArgumentParser

/// `patchbay claim`
struct ClaimCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "claim", abstract: "Claims on devices: who holds them, who waits, and why.",
        subcommands: [
            ClaimList.self, ClaimShow.self, ClaimCreate.self, ClaimRelease.self, ClaimRenew.self, ClaimExplain.self,
        ])
}
