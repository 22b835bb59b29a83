import ArgumentParser

/// `patchbay profile`
struct ProfileCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "profile", abstract: "Templates of VMs: sizes and what they ask for. They are made by apply.",
        subcommands: [ProfileList.self, ProfileShow.self, ProfileDelete.self])
}
