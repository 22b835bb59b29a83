import ArgumentParser
import PatchbayAPI
import PatchbayCore
import PatchbayDisplay
import PatchbayText

/// `patchbay profile show trainer`
struct ProfileShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show a profile: the size of a VM and what it asks for.")

    @Argument(help: "The profile.", completion: .names(.profile))
    var profile: String
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let out = Output(global, format: output.format())
        let profile = try await global.service().profile(profile)
        try out.show(profile, name: profile.name) { record(profile) }
    }

    private func record(_ profile: API.Profile) -> Record {
        var record = Record(mark: nil, title: profile.name, profile.description)
        record.add(
            "size",
            joining: [
                profile.vcpus.map { CountWords.count($0, "vCPU") }, profile.memoryMiB.map { SizeWords.mebibytes($0) },
            ])
        record.add("pin", profile.pin?.rawValue)
        record.add("pages", profile.hugepages)
        record.add("cells", profile.cells.map(String.init))
        record.add(
            "asks for", profile.requests.isEmpty ? ["nothing"] : profile.requests.map { "\($0.name)  \($0.words)" })
        record.add("use", "patchbay vm create NAME --profile \(profile.name) --disk PATH")
        return record
    }
}
