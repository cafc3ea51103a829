@testable import HTTP
import Testing
