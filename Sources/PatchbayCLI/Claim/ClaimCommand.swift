import ArgumentParser

/// `patchbay claim`
struct ClaimCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "claim", abstract: "Who holds devices, who waits for some, and why.",
        subcommands: [
            ClaimList.self, ClaimShow.self, ClaimCreate.self, ClaimRelease.self, ClaimRenew.self, ClaimExplain.self,
        ])
}
