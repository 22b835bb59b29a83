import ArgumentParser
import PatchbayCore
import PatchbayLab

struct LabDescribe: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "describe", abstract: "Print a host description of the lab, as a template for your own.")

    @Argument(help: "rich or small")
    var name = "rich"

    func run() async throws {
        guard let text = LabAssets.descriptions[name] else {
            throw Problem(
                .usage, "There is no host description \"\(name)\".",
                next: [
                    "Those that come with the lab: \(LabAssets.descriptions.keys.sorted().joined(separator: ", "))"
                ])
        }
        print(text, terminator: "")
    }
}
