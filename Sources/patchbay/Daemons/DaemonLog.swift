import Foundation
import Logging

/// Daemons log to standard error; `PATCHBAY_LOG` sets the level (`debug`, `info`, `warning` …).
enum DaemonLog {
    static func make(_ label: String) -> Logger {
        var logger = Logger(label: label, factory: { StreamLogHandler.standardError(label: $0) })
        let wanted = ProcessInfo.processInfo.environment["PATCHBAY_LOG"] ?? ""
        logger.logLevel = Logger.Level(rawValue: wanted) ?? .info
        return logger
    }
}
