import PatchbayAPI
import PatchbayCore

/// What can be done to a VM as a whole. The raw value is the address and the command's verb.
enum PowerVerb: String, Sendable, CaseIterable {
    case start, stop, restart, reset, delete

    /// How the guest is told to stop matters to it.
    var stops: Bool {
        switch self {
        case .stop, .restart: true
        case .start, .reset, .delete: false
        }
    }

    var title: String {
        switch self {
        case .start: "Start"
        case .stop: "Stop"
        case .restart: "Restart"
        case .reset: "Reset"
        case .delete: "Delete"
        }
    }
}
