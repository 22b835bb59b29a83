import PatchbayAPI
import PatchbayCore
import PatchbayHost

/// A host that was looked over, here or by the server, with what a ticket tells beside the report.
struct Examination: Sendable {
    var report: API.DoctorReport
    /// `group 15: 0000:41:00.0 NVIDIA … (nvidia)`
    private var groups: [String]
    private var anonymiser: Anonymiser

    /// Reads a tree. What stands for its secrets is worked out only where it is wanted.
    init(root: String, name: String?, wantsTicket: Bool) async throws(Problem) {
        let result = try await InventoryReader(root: root, hostName: name).surveyWithPrograms()
        let inventory = result.inventory
        report = API.DoctorReport(Doctor.examine(inventory))
        groups = inventory.groups.map { group in
            let members = group.members.compactMap { inventory[$0] }.map { function in
                "\(function.address) [\(function.id)] \(function.name) (\(function.driver ?? "no driver"))"
            }
            return "group \(group.id): \(members.joined(separator: "; "))"
        }
        anonymiser = Anonymiser(hostName: inventory.host.name)
        guard wantsTicket, let learnt = try HostRecording(root: root, isAnonymous: true).anonymiser else { return }
        anonymiser = learnt
        anonymiser.learn(hostName: inventory.host.name)
    }

    /// What a server told.
    init(_ report: API.DoctorReport, groups: [API.Group]) {
        self.report = report
        self.groups = groups.map { group in
            let members = group.members.map { "\($0.address) \($0.name) (\($0.driver ?? "no driver"))" }
            return "group \(group.number): \(members.joined(separator: "; "))"
        }
        anonymiser = Anonymiser(hostName: report.host)
    }

    /// Plain text, the same on every terminal.
    func ticket(version: String) throws(Problem) -> String {
        var anonymiser = anonymiser
        return DoctorTicket(report, groups: groups, version: version).text { anonymiser.translate($0) }
    }
}
