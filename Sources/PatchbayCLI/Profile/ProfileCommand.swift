import ArgumentParser

/// `patchbay profile`
struct ProfileCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "profile", abstract: "Profiles: templates of VMs with size and requests, made by apply.",
        subcommands: [ProfileList.self, ProfileShow.self, ProfileDelete.self])
}
