import PatchbayAPI
import PatchbayCore

/// The virtual functions of one card, folded: `E810 VFs ▮▮▯▯▯▯▯▯ 2/8`.
struct Bank: Sendable, Hashable {
    let id: String
    let title: String
    let parent: String
    let meter: String
    let used: String
    let brackets: [Bracket]

    init(host: String, parent: String, functions: [API.Device]) {
        self.id = "bank-\(API.Device.elementID(of: "\(host)-\(parent)"))"
        self.title = "\(functions.first?.briefName ?? "Virtual functions") × \(functions.count)"
        self.parent = parent
        let taken = functions.filter { $0.state == .attached || $0.state == .allocated }.count
        self.meter =
            functions.count > 32
            ? ""
            : String(repeating: "▮", count: taken) + String(repeating: "▯", count: functions.count - taken)
        self.used = "\(taken)/\(functions.count)"
        self.brackets = Bracket.brackets(of: functions)
    }
}
