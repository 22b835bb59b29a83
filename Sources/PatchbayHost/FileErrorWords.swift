import Foundation

/// `There is no such file.`: what Foundation's errors about files mean, without their domains and codes.
package func fileErrorWords(_ error: any Error) -> String {
    switch (error as? CocoaError)?.code {
    case .fileNoSuchFile?, .fileReadNoSuchFile?: return "There is no such file."
    case .fileReadNoPermission?, .fileWriteNoPermission?: return "Permission denied."
    case .fileWriteOutOfSpace?: return "The disk is full."
    case .fileWriteVolumeReadOnly?: return "The file system is read-only."
    case .fileWriteFileExists?: return "There is a file of that name already."
    case .fileReadInapplicableStringEncoding?, .fileReadCorruptFile?: return "It is not text."
    default: return error.localizedDescription
    }
}
