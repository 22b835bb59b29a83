import PatchbayAPI
import PatchbayCore

/// Devices of one host in an explanation: those that say the same are one row.
struct DeviceFold {
    struct Row {
        var fit: API.DeviceFit
        /// Others that say the very same.
        var alike: [API.DeviceFit] = []
    }

    private(set) var rows: [Row] = []

    init(_ fits: [API.DeviceFit], isUnfolded: Bool) {
        var places: [String: Int] = [:]
        for fit in fits {
            let key = "\(fit.reason?.sentence ?? "") \(fit.request ?? "") \(fit.until ?? 0)"
            // What is taken is always told by name.
            if !isUnfolded, fit.reason != nil, let place = places[key] {
                rows[place].alike.append(fit)
            } else {
                places[key] = rows.count
                rows.append(Row(fit: fit))
            }
        }
    }
}

extension API.DeviceFit {
    /// The sign of the state it is in, as far as the reason tells.
    var mark: Mark {
        guard let reason else { return .done }
        switch reason.code {
        case .held: return DeviceState.attached.mark
        case .host: return DeviceState.host.mark
        case .missing: return DeviceState.missing.mark
        case .samePhysicalFunction, .topology, .goesAlong, .takenByRequest, .notEnough: return DeviceState.free.mark
        case .blocked, .notInPool, .otherDevice, .deviceChanged, .otherNUMANode, .unknownNUMANode, .otherSocket,
            .wrongTags, .otherHost, .labels, .cordoned, .offline, .unreadable, .notPinned, .gone, .processors, .memory,
            .hugepages, .cells, .tooHard, .groupChanged:
            return .failed
        }
    }
}
